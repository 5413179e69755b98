import { execFileSync } from 'node:child_process'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { embeddingsSnippet, rerankSnippet } from './vector-snippets'

const NASTY = 'it\'s a "test"; $(rm -rf /)\n\u2028 `x`'
const BASE = { gatewayUrl: 'http://127.0.0.1:8080/', model: 'm"1' }
const EMBEDDINGS = { ...BASE, texts: [NASTY, 'b'] }
const RERANK = { ...BASE, query: NASTY, documents: ['a', NASTY] }

/** What a shell gives to curl as its last argument. */
function bodyOf(command: string): unknown {
  const script = `curl() { for last; do :; done; printf %s "$last"; }\n${command}`
  return JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }))
}

describe('snippets', () => {
  it('give curl a body that is the request', () => {
    expect(bodyOf(embeddingsSnippet('curl', EMBEDDINGS))).toEqual({
      model: 'm"1',
      input: [NASTY, 'b'],
    })
    expect(bodyOf(rerankSnippet('curl', RERANK))).toEqual({
      model: 'm"1',
      query: NASTY,
      documents: ['a', NASTY],
    })
  })

  it('give Node modules that parse', () => {
    for (const code of [embeddingsSnippet('node', EMBEDDINGS), rerankSnippet('node', RERANK)]) {
      expect(parseSync('snippet.mjs', code).errors).toEqual([])
    }
  })

  it('give Python the addresses and texts as its own literals', () => {
    const code = rerankSnippet('python', RERANK)
    expect(code).toContain('"http://127.0.0.1:8080/v1/rerank"')
    expect(code).toContain('"documents": ["a", ')
    expect(code).not.toContain('\u2028')
    expect(embeddingsSnippet('python', EMBEDDINGS)).toContain('model="m\\"1",')
  })
})
