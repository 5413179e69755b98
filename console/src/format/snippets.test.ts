import { execFileSync } from 'node:child_process'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { type ChatSnippet, chatSnippet, exportKey, shellQuote } from './snippets'

const NASTY = `it's "quoted" \\ $HOME \`id\` \${x} { y } \n新行 \u2028 end`

const SNIPPET: ChatSnippet = {
  gatewayUrl: 'http://127.0.0.1:8080/',
  model: 'm"1',
  messages: [
    { role: 'system', content: NASTY },
    { role: 'user', content: 'Hello' },
  ],
  temperature: 0.7,
  maxTokens: 64,
  stream: true,
}

describe('shellQuote', () => {
  it.each([NASTY, "'", '', "a'b'c"])('gives a shell back exactly %j', (text) => {
    const out = execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })
    expect(out).toBe(text)
  })
})

describe('chatSnippet', () => {
  it('gives curl a body that is the request', () => {
    const command = chatSnippet('curl', SNIPPET)
    expect(command).toContain('curl -N http://127.0.0.1:8080/v1/chat/completions')
    // The shell itself takes the quotes apart: `curl` is a function that prints its last argument.
    const body = execFileSync(
      'sh',
      ['-c', `curl() { for last; do :; done; printf %s "$last"; }\n${command}`],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(body)).toEqual({
      model: 'm"1',
      messages: SNIPPET.messages,
      temperature: 0.7,
      max_tokens: 64,
      stream: true,
    })
  })

  it('gives Node a module that parses, with the texts as they are', () => {
    const code = chatSnippet('node', SNIPPET)
    const { errors, program } = parseSync('snippet.mjs', code)
    expect(errors).toEqual([])
    expect(JSON.stringify(program)).toContain(JSON.stringify(NASTY))
  })

  it('gives Python the same call', () => {
    expect(chatSnippet('python', { ...SNIPPET, stream: false })).toBe(
      [
        'import os',
        '',
        'from openai import OpenAI',
        '',
        'client = OpenAI(',
        '    base_url="http://127.0.0.1:8080/v1",',
        '    api_key=os.environ["MAINSPRING_API_KEY"],',
        ')',
        'answer = client.chat.completions.create(',
        '    model="m\\"1",',
        '    messages=[',
        `        {"role": "system", "content": ${JSON.stringify(NASTY).replace('\u2028', '\\u2028')}},`,
        '        {"role": "user", "content": "Hello"},',
        '    ],',
        '    temperature=0.7,',
        '    max_tokens=64,',
        ')',
        'print(answer.choices[0].message.content)',
      ].join('\n'),
    )
  })
})

describe('exportKey', () => {
  it('names the secret, its file, or a placeholder', () => {
    expect(exportKey({ secret: 'msk-1' })).toBe("export MAINSPRING_API_KEY='msk-1'")
    expect(exportKey({ file: "/it's/first-key" })).toBe(
      `export MAINSPRING_API_KEY="$(cat '/it'\\''s/first-key')"`,
    )
    expect(exportKey(null)).toBe('export MAINSPRING_API_KEY="msk-…"')
  })
})
