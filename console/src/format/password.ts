/**
 * How hard a password is to guess, roughly. Control has the last word on what it accepts; this is
 * the advice while typing. Long beats complicated: length counts most, patterns and known words
 * count against.
 */

export const PASSWORD_MIN = 10

export type Strength = 0 | 1 | 2 | 3 | 4

const COMMON = [
  'password',
  'passw0rd',
  'qwerty',
  'asdf',
  'letmein',
  'welcome',
  'admin',
  'iloveyou',
  'monkey',
  'dragon',
  'mainspring',
  '123456',
  'abc123',
  'woaini',
  '5201314',
]

/** Whether the characters run on: repeated (`aaaa`) or in order (`4567`, `dcba`). */
function predictable(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1
}

function effectiveLength(password: string, known: string[]): number {
  let text = password.toLowerCase()
  let bonus = 0
  for (const word of [...COMMON, ...known]) {
    if (word.length < 3 || !text.includes(word)) continue
    text = text.replaceAll(word, '\u0000')
    // A known word is worth as little as two characters, however long it is.
    bonus += 1
  }
  let length = bonus
  let previous = -1
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    length += predictable(code, previous) ? 0.25 : code > 0x2e80 ? 2 : 1
    previous = code
  }
  return length
}

/** From 0 (none) to 4 (strong); `known` are the person's own name and address. */
export function passwordStrength(password: string, known: string[] = []): Strength {
  if (!password) return 0
  const words = known.flatMap((value) => value.toLowerCase().split(/[\s@._-]+/))
  const length = effectiveLength(password, words)
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length
  const score = length + (kinds - 1) * 1.5
  if ([...password].length < PASSWORD_MIN || score < 9) return 1
  if (score < 14) return 2
  return score < 17 ? 3 : 4
}
