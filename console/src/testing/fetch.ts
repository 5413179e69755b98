import { vi } from 'vitest'

export interface Sent {
  method: string
  url: string
  headers: Record<string, string>
  body: unknown
}

/** Replace `fetch` by scripted answers, given in turn; returns what was sent. */
export function answering(...answers: (Response | Error)[]): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push({
      method: init.method ?? 'GET',
      url,
      headers: init.headers as Record<string, string>,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : null,
    })
    const answer = answers.shift()
    if (!answer) throw new Error(`no answer is scripted for ${url}`)
    if (answer instanceof Error) throw answer
    return answer
  })
  return sent
}

/** A streamed answer made of these pieces. */
export function streamed(pieces: string[], headers: Record<string, string> = {}): Response {
  const encoder = new TextEncoder()
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(encoder.encode(piece))
        controller.close()
      },
    }),
    { headers },
  )
}
