import { describe, expect, it } from 'vitest'
import { EventParser, type ServerEvent } from './sse'

const bytes = (text: string) => new TextEncoder().encode(text)

function parsed(text: string, cuts: number[] = []): ServerEvent[] {
  const parser = new EventParser()
  const all = bytes(text)
  const edges = [0, ...cuts, all.length]
  return edges.slice(1).flatMap((end, index) => parser.push(all.slice(edges[index], end)))
}

describe('EventParser', () => {
  it('reads events with their names and joins data lines', () => {
    expect(parsed('event: call\ndata: {"a":1}\ndata: 2\n\ndata:x\n\n')).toEqual([
      { event: 'call', data: '{"a":1}\n2' },
      { event: 'message', data: 'x' },
    ])
  })

  it('ignores comments, other fields and blocks without data', () => {
    expect(parsed(': still here\n\nretry: 2000\n\nid: 7\ndata: y\n\n')).toEqual([
      { event: 'message', data: 'y' },
    ])
  })

  it.each(['\n', '\r\n', '\r'])('gives the same events wherever the bytes are cut (%j)', (end) => {
    const text = `data: 你好${end}${end}event: a${end}data: 😀${end}${end}`
    const whole = parsed(`${text}data: end\n\n`)
    expect(whole).toHaveLength(3)
    const { length } = bytes(text)
    for (let cut = 1; cut < length; cut += 1) {
      expect(parsed(`${text}data: end\n\n`, [cut])).toEqual(whole)
    }
  })

  it('keeps an unfinished event to itself', () => {
    expect(parsed('data: half\n')).toEqual([])
  })
})
