/**
 * How well an entry of the palette fits what was typed: 0 is not at all. Every word must occur; the
 * beginning of a name beats the beginning of a word, which beats the middle of one. Letters that are
 * merely scattered over an entry do not count: they put the wrong entry first.
 */
export function matchScore(value: string, search: string, keywords: string[] = []): number {
  const text = [value, ...keywords].join(' ').toLowerCase()
  let score = 1
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = text.indexOf(word)
    if (at < 0) return 0
    score *= startsName(value, keywords, word) ? 1 : startsWord(text, word) ? 0.7 : 0.4
  }
  return score
}

function startsName(value: string, keywords: string[], word: string): boolean {
  // A value begins with its kind (`model smollm2`); the name is what follows.
  const names = [value.replace(/^\S+ /, ''), ...keywords]
  return names.some((name) => name.toLowerCase().startsWith(word))
}

function startsWord(text: string, word: string): boolean {
  return text.split(/[\s/_-]+/).some((one) => one.startsWith(word))
}

/** An id of something that a list may not hold: a request (or its call), a trace, or a key. */
export function idIn(typed: string): { kind: 'request' | 'trace' | 'key'; id: string } | null {
  const text = typed.trim()
  const request = /^(?:req|cal)_([0-9a-f]{32})$/.exec(text)
  if (request) return { kind: 'request', id: `req_${request[1]}` }
  if (/^key_[0-9a-f]{32}$/.test(text)) return { kind: 'key', id: text }
  return /^[0-9a-f]{32}$/.test(text) ? { kind: 'trace', id: text } : null
}
