/** How alike texts are, by the directions of their vectors. */

/** Every line that says something, each once, up to `most`. */
export function linesOf(text: string, most: number): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return [...new Set(lines.filter(Boolean))].slice(0, most)
}

/** The cosine of the angle between two vectors; 0 where one of them has no direction. */
export function cosine(a: number[], b: number[]): number {
  let dot = 0
  let aa = 0
  let bb = 0
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0
    dot += x * y
    aa += x * x
    bb += y * y
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb)
}

export interface Matrix {
  /** The similarity of each text to each, by their places. */
  values: number[][]
  /** The two texts most alike, by their places; `null` of a single text. */
  closest: [number, number] | null
  /** The least and the greatest similarity of two different texts. */
  least: number
  greatest: number
}

export function matrixOf(vectors: number[][]): Matrix {
  const values = vectors.map((a) => vectors.map((b) => cosine(a, b)))
  let closest: Matrix['closest'] = null
  let least = 1
  let greatest = -1
  for (const [row, line] of values.entries()) {
    for (const [column, value] of line.entries()) {
      if (column <= row) continue
      if (value > greatest) {
        greatest = value
        closest = [row, column]
      }
      least = Math.min(least, value)
    }
  }
  return { values, closest, least, greatest }
}

/** Where `value` lies between the least and the greatest: models differ in what they call alike. */
export function shadeOf(value: number, { least, greatest }: Matrix): number {
  return greatest > least ? Math.min(Math.max((value - least) / (greatest - least), 0), 1) : 1
}
