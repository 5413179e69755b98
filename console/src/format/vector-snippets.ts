/** The calls of the playground's other tabs as programs make them. */
import { pythonLiteral, type SnippetLanguage, shellQuote } from './snippets'

interface Snippet {
  gatewayUrl: string
  model: string
}

const base = (gatewayUrl: string) => `${gatewayUrl.replace(/\/+$/, '')}/v1`

function curl(url: string, body: unknown): string {
  return [
    `curl ${url} \\`,
    '  -H "Authorization: Bearer $MAINSPRING_API_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d ${shellQuote(JSON.stringify(body, null, 2))}`,
  ].join('\n')
}

/** A call of `fetch`, for what no official client has a method. */
function node(url: string, body: unknown, last: string): string {
  return [
    `const answer = await fetch(${JSON.stringify(url)}, {`,
    '  method: "POST",',
    '  headers: {',
    '    "Authorization": "Bearer " + process.env.MAINSPRING_API_KEY,',
    '    "Content-Type": "application/json",',
    '  },',
    `  body: JSON.stringify(${JSON.stringify(body, null, 2)}),`,
    '});',
    'if (!answer.ok) throw new Error(await answer.text());',
    last,
  ].join('\n')
}

export function embeddingsSnippet(
  language: SnippetLanguage,
  { gatewayUrl, model, texts }: Snippet & { texts: string[] },
): string {
  const url = base(gatewayUrl)
  if (language === 'curl') return curl(`${url}/embeddings`, { model, input: texts })
  if (language === 'node') {
    return [
      'import OpenAI from "openai";',
      '',
      'const client = new OpenAI({',
      `  baseURL: ${JSON.stringify(url)},`,
      '  apiKey: process.env.MAINSPRING_API_KEY,',
      '});',
      'const answer = await client.embeddings.create({',
      `  model: ${JSON.stringify(model)},`,
      `  input: ${JSON.stringify(texts)},`,
      '});',
      'console.log(answer.data.map(({ embedding }) => embedding.length));',
    ].join('\n')
  }
  return [
    'import os',
    '',
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${JSON.stringify(url)},`,
    '    api_key=os.environ["MAINSPRING_API_KEY"],',
    ')',
    'answer = client.embeddings.create(',
    `    model=${pythonLiteral(model)},`,
    `    input=${pythonLiteral(texts)},`,
    ')',
    'print([len(each.embedding) for each in answer.data])',
  ].join('\n')
}

export function rerankSnippet(
  language: SnippetLanguage,
  { gatewayUrl, model, query, documents }: Snippet & { query: string; documents: string[] },
): string {
  const url = `${base(gatewayUrl)}/rerank`
  const body = { model, query, documents }
  if (language === 'curl') return curl(url, body)
  if (language === 'node') return node(url, body, 'console.log((await answer.json()).results);')
  return [
    'import os',
    '',
    'import httpx',
    '',
    'answer = httpx.post(',
    `    ${JSON.stringify(url)},`,
    '    headers={"Authorization": f"Bearer {os.environ[\'MAINSPRING_API_KEY\']}"},',
    '    json={',
    ...Object.entries(body).map(
      ([name, value]) => `        ${JSON.stringify(name)}: ${pythonLiteral(value)},`,
    ),
    '    },',
    ')',
    'answer.raise_for_status()',
    'print(answer.json()["results"])',
  ].join('\n')
}
