/** Control's OpenAPI document as a list of operations. */
import CALLS from './sdk-methods.json'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required: boolean
  kind: 'text' | 'number' | 'truth' | 'list'
  description: string
  example: string
}

export interface Operation {
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with its places in braces. */
  path: string
  tag: string
  summary: string
  permission: string
  parameters: Parameter[]
  /** An example of the body as JSON, if it takes one. */
  body: string | null
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: unknown) => (typeof value === 'string' ? value : '')

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** Deeper than this an example says `…`: schemas may contain themselves. */
const DEEPEST = 5

/** Follow a reference within the document. */
function resolve(document: Json, schema: unknown): Json {
  if (!isObject(schema)) return {}
  const name = text(schema.$ref).split('/').at(-1)
  if (!name) return schema
  const components = isObject(document.components) ? document.components : {}
  const schemas = isObject(components.schemas) ? components.schemas : {}
  const found = schemas[name]
  return isObject(found) ? found : {}
}

/** A value that fits a schema, from its own examples where it has some. */
export function exampleOf(document: Json, given: unknown, depth = 0): unknown {
  const schema = resolve(document, given)
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0]
  if (schema.default !== undefined) return schema.default
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (schema.const !== undefined) return schema.const
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices)) {
    const useful = choices.find((one) => !isObject(one) || one.type !== 'null')
    return exampleOf(document, useful, depth)
  }
  switch (schema.type) {
    case 'object': {
      if (depth >= DEEPEST) return {}
      const properties = isObject(schema.properties) ? schema.properties : {}
      const required = Array.isArray(schema.required) ? schema.required : []
      // What is optional would only bury what must be there.
      const names = Object.keys(properties).filter(
        (name) => required.includes(name) || required.length === 0,
      )
      return Object.fromEntries(
        names.map((name) => [name, exampleOf(document, properties[name], depth + 1)]),
      )
    }
    case 'array':
      return depth >= DEEPEST ? [] : [exampleOf(document, schema.items, depth + 1)]
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 0
    case 'boolean':
      return false
    case 'string':
      return schema.format === 'date-time' ? '2026-01-31T00:00:00Z' : ''
    default:
      return null
  }
}

const KINDS: Record<string, Parameter['kind']> = {
  integer: 'number',
  number: 'number',
  boolean: 'truth',
  array: 'list',
}

function kindOf(document: Json, schema: Json): Parameter['kind'] {
  const choices = Array.isArray(schema.anyOf) ? schema.anyOf : [schema]
  const kinds = choices.map((one) => KINDS[text(resolve(document, one).type)])
  return kinds.find((kind) => kind !== undefined) ?? 'text'
}

function parameterOf(document: Json, value: unknown): Parameter[] {
  if (!isObject(value)) return []
  const place = value.in
  if (place !== 'path' && place !== 'query') return []
  const schema = resolve(document, value.schema)
  const example = Array.isArray(schema.examples) ? schema.examples[0] : schema.default
  return [
    {
      name: text(value.name),
      in: place,
      required: value.required === true,
      kind: kindOf(document, schema),
      description: text(value.description) || text(schema.description),
      example: example === undefined || example === null ? '' : String(example),
    },
  ]
}

export function operationsOf(document: unknown): Operation[] {
  if (!isObject(document) || !isObject(document.paths)) return []
  const found: Operation[] = []
  for (const [path, item] of Object.entries(document.paths)) {
    if (!isObject(item)) continue
    for (const method of METHODS) {
      const operation = item[method]
      if (!isObject(operation)) continue
      const content =
        isObject(operation.requestBody) && isObject(operation.requestBody.content)
          ? Object.values(operation.requestBody.content)[0]
          : undefined
      found.push({
        id: text(operation.operationId),
        method: method.toUpperCase() as Operation['method'],
        path: path.replace(/^\/api\/v1/, ''),
        tag: Array.isArray(operation.tags) ? text(operation.tags[0]) : '',
        summary: text(operation.description) || text(operation.summary),
        permission: text(operation['x-permission']),
        parameters: Array.isArray(operation.parameters)
          ? operation.parameters.flatMap((one) => parameterOf(document, one))
          : [],
        body: isObject(content)
          ? JSON.stringify(exampleOf(document, content.schema), null, 2)
          : null,
      })
    }
  }
  return found
}

/** Whether every word of a filter occurs in what an operation is called. */
export function fits(operation: Operation, filter: string): boolean {
  const all = `${operation.method} ${operation.path} ${operation.id} ${operation.tag} ${operation.summary}`
  const words = filter.toLowerCase().split(/\s+/)
  return words.every((word) => all.toLowerCase().includes(word))
}

/** What was typed for a parameter as a program gives it. */
export function typed(kind: Parameter['kind'], value: string) {
  if (kind === 'list') return [value]
  if (kind === 'truth') return value === 'true'
  return kind === 'number' && Number.isFinite(Number(value)) ? Number(value) : value
}

/** How the Python client calls an operation, unless that takes more than a line. */
export function sdkOf({ method, path }: Pick<Operation, 'method' | 'path'>) {
  const told: string | undefined = (CALLS as Record<string, string>)[`${method} ${path}`]
  const [gives, sdk] = told?.split(' ') ?? []
  return sdk ? { sdk, gives: gives as 'value' | 'page' | 'download' } : null
}

/** The path with its places filled in; what is not given stays in braces. */
export function filled(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (place, name: string) =>
    values[name] ? encodeURIComponent(values[name]) : place,
  )
}
