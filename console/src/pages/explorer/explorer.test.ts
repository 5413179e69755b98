import { describe, expect, it } from 'vitest'
import { exampleOf, filled, fits, operationsOf } from './document'

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
