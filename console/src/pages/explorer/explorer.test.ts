import { describe, expect, it } from 'vitest'
import { exampleOf, filled, fits, operationsOf, sdkOf, typed } from './document'

const DOCUMENT = {
  paths: {
    '/api/v1/projects/{project_id}/keys': {
      post: {
        operationId: 'create_key',
        tags: ['keys'],
        description: 'Create a key.',
        'x-permission': 'key:write',
        parameters: [
          { name: 'project_id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'X-CSRF-Token', in: 'header', schema: { type: 'string' } },
        ],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewKey' } } },
        },
      },
    },
  },
  components: {
    schemas: {
      NewKey: {
        type: 'object',
        required: ['name', 'limits'],
        properties: {
          name: { type: 'string', examples: ['ci'] },
          note: { type: 'string' },
          limits: { anyOf: [{ type: 'null' }, { $ref: '#/components/schemas/Limits' }] },
        },
      },
      Limits: { type: 'object', properties: { rpm: { type: 'integer', minimum: 1 } } },
      Tree: {
        type: 'object',
        properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
      },
    },
  },
}

describe('operationsOf', () => {
  it('tells what an operation takes and needs', () => {
    const [operation] = operationsOf(DOCUMENT)
    expect(operation).toMatchObject({
      id: 'create_key',
      method: 'POST',
      path: '/projects/{project_id}/keys',
      permission: 'key:write',
    })
    expect(operation?.parameters.map(({ name }) => name)).toEqual(['project_id'])
    expect(JSON.parse(operation?.body ?? '')).toEqual({ name: 'ci', limits: { rpm: 1 } })
  })

  it('makes nothing of what is no document', () => {
    expect(operationsOf(null)).toEqual([])
    expect(operationsOf({ paths: { '/x': { get: 'nothing' } } })).toEqual([])
  })
})

it('ends with a schema that contains itself', () => {
  const example = exampleOf(DOCUMENT, { $ref: '#/components/schemas/Tree' })
  expect(JSON.stringify(example).length).toBeLessThan(200)
})

it('finds an operation by its words and fills in its places', () => {
  const [operation] = operationsOf(DOCUMENT)
  if (!operation) throw new Error('there is one')
  expect(fits(operation, 'post KEYS')).toBe(true)
  expect(fits(operation, 'delete')).toBe(false)
  expect(filled(operation.path, { project_id: 'a/b' })).toBe('/projects/a%2Fb/keys')
  expect(filled(operation.path, {})).toBe('/projects/{project_id}/keys')
})

it('names the method of the client, unless it takes more than a line', () => {
  const path = '/projects/{project_id}/keys'
  expect(sdkOf({ method: 'GET', path })).toEqual({ sdk: 'projects.keys.list', gives: 'page' })
  expect(sdkOf({ method: 'POST', path })?.sdk).toBe('projects.keys.create')
  expect(sdkOf({ method: 'GET', path: '/live' })).toBeNull()
})

it('gives what was typed as its parameter wants it', () => {
  const parameters = [
    { name: 'limit', in: 'query', schema: { anyOf: [{ type: 'null' }, { type: 'integer' }] } },
    { name: 'by', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
    { name: 'past', in: 'query', schema: { type: 'boolean' } },
    { name: 'text', in: 'query', schema: { type: 'string' } },
  ]
  const [operation] = operationsOf({ paths: { '/api/v1/x': { get: { parameters } } } })
  const values = ['5', 'model', 'true', '5']
  expect(operation?.parameters.map(({ kind }, place) => typed(kind, values[place] ?? ''))).toEqual([
    5,
    ['model'],
    true,
    '5',
  ])
})
