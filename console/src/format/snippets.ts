/** Code that does outside what the console shows: for curl, Python and Node. */

export type SnippetLanguage = 'curl' | 'python' | 'node'

export const SNIPPET_LANGUAGES: readonly SnippetLanguage[] = ['curl', 'python', 'node']

export interface SnippetMessage {
  role: string
  /** Words, or parts of a message as the API takes them. */
  content: unknown
}

export interface ChatSnippet {
  gatewayUrl: string
  model: string
  messages: SnippetMessage[]
  temperature?: number
  maxTokens?: number
  stream: boolean
  /** Further fields of the body. */
  extra?: Record<string, unknown>
}

/** Quote a text for a POSIX shell: nothing in it can end the quotes. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** JSON strings are valid Python and JavaScript strings; U+2028/9 are escaped for old parsers. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/** A value as Python writes it. */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(
      ([name, one]) => `${JSON.stringify(name)}: ${pythonLiteral(one)}`,
    )
    return `{${entries.join(', ')}}`
  }
  return literal(value)
}

function body({ model, messages, temperature, maxTokens, stream, extra }: ChatSnippet) {
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...extra,
    ...(stream ? { stream: true } : {}),
  }
}

function baseUrl(gatewayUrl: string): string {
  return `${gatewayUrl.replace(/\/+$/, '')}/v1`
}

/** JSON with one line for each field and each message: short, and still easy to edit. */
function readableJson(snippet: ChatSnippet): string {
  const { messages, ...rest } = body(snippet)
  const list =
    messages.length === 1
      ? `[${JSON.stringify(messages[0])}]`
      : `[\n${messages.map((message) => `      ${JSON.stringify(message)}`).join(',\n')}\n    ]`
  const fields = [
    `"model": ${JSON.stringify(rest.model)}`,
    `"messages": ${list}`,
    ...Object.entries(rest)
      .filter(([name]) => name !== 'model')
      .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`),
  ]
  return `{\n    ${fields.join(',\n    ')}\n  }`
}

function curl(snippet: ChatSnippet): string {
  return [
    `curl ${snippet.stream ? '-N ' : ''}${baseUrl(snippet.gatewayUrl)}/chat/completions \\`,
    '  -H "Authorization: Bearer $MAINSPRING_API_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d ${shellQuote(readableJson(snippet))}`,
  ].join('\n')
}

function pythonMessage({ role, content }: SnippetMessage): string {
  return `        {"role": ${literal(role)}, "content": ${pythonLiteral(content)}},`
}

function nodeMessage({ role, content }: SnippetMessage): string {
  return `    { role: ${literal(role)}, content: ${literal(content)} },`
}

function python(snippet: ChatSnippet): string {
  const { model, messages, temperature, maxTokens, stream } = snippet
  return [
    'import os',
    '',
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${literal(baseUrl(snippet.gatewayUrl))},`,
    '    api_key=os.environ["MAINSPRING_API_KEY"],',
    ')',
    `${stream ? 'stream' : 'answer'} = client.chat.completions.create(`,
    `    model=${literal(model)},`,
    '    messages=[',
    ...messages.map(pythonMessage),
    '    ],',
    ...(temperature === undefined ? [] : [`    temperature=${temperature},`]),
    ...(maxTokens === undefined ? [] : [`    max_tokens=${maxTokens},`]),
    ...Object.entries(snippet.extra ?? {}).map(
      ([name, value]) => `    ${name}=${pythonLiteral(value)},`,
    ),
    ...(stream ? ['    stream=True,'] : []),
    ')',
    ...(stream
      ? [
          'for chunk in stream:',
          '    if chunk.choices:',
          '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
        ]
      : ['print(answer.choices[0].message.content)']),
  ].join('\n')
}

function node(snippet: ChatSnippet): string {
  const { model, messages, temperature, maxTokens, stream } = snippet
  return [
    'import OpenAI from "openai";',
    '',
    'const client = new OpenAI({',
    `  baseURL: ${literal(baseUrl(snippet.gatewayUrl))},`,
    '  apiKey: process.env.MAINSPRING_API_KEY,',
    '});',
    `const ${stream ? 'stream' : 'answer'} = await client.chat.completions.create({`,
    `  model: ${literal(model)},`,
    '  messages: [',
    ...messages.map(nodeMessage),
    '  ],',
    ...(temperature === undefined ? [] : [`  temperature: ${temperature},`]),
    ...(maxTokens === undefined ? [] : [`  max_tokens: ${maxTokens},`]),
    ...Object.entries(snippet.extra ?? {}).map(([name, value]) => `  ${name}: ${literal(value)},`),
    ...(stream ? ['  stream: true,'] : []),
    '});',
    ...(stream
      ? [
          'for await (const chunk of stream) {',
          '  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");',
          '}',
        ]
      : ['console.log(answer.choices[0].message.content);']),
  ].join('\n')
}

const WRITERS: Record<SnippetLanguage, (snippet: ChatSnippet) => string> = { curl, python, node }

export function chatSnippet(language: SnippetLanguage, snippet: ChatSnippet): string {
  return WRITERS[language](snippet)
}

/** The line that puts the key into the environment, before any of the snippets. */
export function exportKey(source: { secret: string } | { file: string } | null): string {
  if (source && 'secret' in source) return `export MAINSPRING_API_KEY=${shellQuote(source.secret)}`
  return source
    ? `export MAINSPRING_API_KEY="$(cat ${shellQuote(source.file)})"`
    : 'export MAINSPRING_API_KEY="msk-…"'
}
