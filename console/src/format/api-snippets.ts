/** One request to the control plane as a shell, the command line and a program would make it. */
import { pythonLiteral, shellQuote } from './snippets'

export { pythonLiteral } from './snippets'

type Parameter = string | number | boolean

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`. */
  path: string
  query?: Record<string, Parameter | readonly string[] | undefined>
  body?: unknown
  /** The method of the Python client, such as `calls.list`. */
  sdk: string
  /** What that returns; unset, the pages of a list where its name says so, else a value. */
  gives?: 'value' | 'page' | 'download'
  /** What the client takes by position: whatever stands in the path. */
  positional?: string[]
  /** The same on the command line, or why it cannot be done there. */
  cli: string | { none: NoCommand }
}

/**
 * Why there is no command. `own`: it is about one's own sign-in; `records`: the ledger's records;
 * `range`: commands count back from now; `filters`: the command does not know what is filtered by.
 */
export type NoCommand = 'own' | 'records' | 'range' | 'filters' | 'invitations' | 'backups'

/** What an HTTP client needs to know. */
type HttpRequest = Pick<ApiRequest, 'method' | 'path' | 'query' | 'body'>

const given = (query: ApiRequest['query'] = {}) =>
  Object.entries(query).filter(
    (entry): entry is [string, Parameter | readonly string[]] => entry[1] !== undefined,
  )

export function curlOf(request: HttpRequest, origin: string): string {
  const query = new URLSearchParams(
    given(request.query).flatMap(([name, value]) =>
      // A list repeats its parameter.
      (Array.isArray(value) ? value : [value]).map((one) => [name, `${one}`]),
    ),
  )
  const tail = query.toString()
  const url = `${origin}/api/v1${request.path}${tail && '?'}${tail}`
  const lines = [
    `curl ${request.method === 'GET' ? '' : `-X ${request.method} `}${shellQuote(url)}`,
    '  -H "Authorization: Bearer $MAINSPRING_TOKEN"',
  ]
  if (request.body !== undefined) {
    lines.push('  -H "Content-Type: application/json"')
    lines.push(`  -d ${shellQuote(JSON.stringify(request.body, null, 2))}`)
  }
  return lines.join(' \\\n')
}

export function pythonOf(request: Omit<ApiRequest, 'cli'>, origin: string): string {
  const body =
    typeof request.body === 'object' && request.body !== null ? Object.entries(request.body) : []
  const named = [...given(request.query), ...body].map(
    ([name, value]) => `${name}=${argument(name, value)}`,
  )
  const values = [...(request.positional ?? []).map(pythonLiteral), ...named]
  const moments = named.some((one) => one.includes('datetime.'))
  const inner =
    values.length > 2 ? `\n        ${values.join(',\n        ')},\n    ` : values.join(', ')
  const gives = request.gives ?? (request.sdk.endsWith('.list') ? 'page' : 'value')
  const imports = [
    ...(moments ? ['from datetime import datetime'] : []),
    ...(gives === 'download' ? ['from pathlib import Path'] : []),
  ]
  const made = `client.${request.sdk}(${inner})`
  const used = {
    value: [`    answer = ${made}`, '    print(answer)'],
    page: [`    for one in ${made}:`, '        print(one)'],
    download: [`    with ${made} as answer:`, '        answer.save(Path("answer"))'],
  }
  return [
    ...(imports.length > 0 ? [...imports, ''] : []),
    'from mainspring_sdk import Mainspring',
    '',
    `with Mainspring(url=${JSON.stringify(origin)}) as client:  # MAINSPRING_TOKEN`,
    ...used[gives],
  ].join('\n')
}

const MOMENTS = new Set(['since', 'until', 'expires_at'])

function argument(name: string, value: unknown): string {
  if (MOMENTS.has(name) && typeof value === 'string') {
    return `datetime.fromisoformat(${JSON.stringify(value)})`
  }
  return pythonLiteral(value)
}
