import { describe, expect, it } from 'vitest'
import { cosine, linesOf, matrixOf, shadeOf } from './similarity'

describe('similarity', () => {
  it('is that of directions, not of lengths', () => {
    expect(cosine([1, 0], [5, 0])).toBe(1)
    expect(cosine([1, 0], [0, 2])).toBe(0)
    expect(cosine([1, 1], [-1, -1])).toBeCloseTo(-1)
    expect(cosine([0, 0], [1, 1])).toBe(0)
  })

  it('finds the two that are most alike', () => {
    const matrix = matrixOf([
      [1, 0],
      [0, 1],
      [0.1, 0.9],
    ])
    expect(matrix.closest).toEqual([1, 2])
    expect(matrix.values[1]?.[2]).toBe(matrix.greatest)
    expect(matrix.least).toBe(0)
    expect(shadeOf(matrix.greatest, matrix)).toBe(1)
    expect(shadeOf(matrix.least, matrix)).toBe(0)
    expect(matrixOf([[1, 0]]).closest).toBeNull()
  })
})

it('takes each line that says something for a text, once', () => {
  expect(linesOf(' a \n\n b\na\n', 9)).toEqual(['a', 'b'])
  expect(linesOf('a\nb\nc', 2)).toEqual(['a', 'b'])
})
