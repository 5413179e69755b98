/**
 * Server-sent events from a `fetch` body. `EventSource` cannot POST, and the playground must see
 * each event at the moment it arrives, so the few rules of the format are applied here.
 */

export interface ServerEvent {
  event: string
  data: string
}

/** Collects bytes and gives back whole events; holds at most one unfinished event. */
export class EventParser {
  private rest = ''
  private readonly decoder = new TextDecoder()

  /** Add bytes as they came from the network and return the events they complete. */
  push(bytes: Uint8Array): ServerEvent[] {
    return this.drain(this.decoder.decode(bytes, { stream: true }))
  }

  private drain(text: string): ServerEvent[] {
    // A lone CR at the end may be half of a CRLF, so it waits for its other half.
    const all = this.rest + text
    const held = all.endsWith('\r') ? '\r' : ''
    const blocks = (held ? all.slice(0, -1) : all).replaceAll(/\r\n?/g, '\n').split('\n\n')
    this.rest = (blocks.pop() ?? '') + held
    return blocks.map(parseBlock).filter((event) => event !== null)
  }
}

function parseBlock(block: string): ServerEvent | null {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    if (line.startsWith(':')) continue
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
  }
  return data.length > 0 ? { event, data: data.join('\n') } : null
}

/** Yield the events of a streamed answer until it ends or its request is aborted. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const parser = new EventParser()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield* parser.push(value)
    }
  } finally {
    reader.cancel().catch(() => {
      // The stream had already failed or been aborted; there is nothing left to release.
    })
  }
}
