import { describe, expect, it } from 'vitest'
import { curlOf, pythonLiteral, pythonOf } from './api-snippets'

const ORIGIN = 'http://127.0.0.1:8090'

describe('curlOf', () => {
  it('quotes what a shell would take apart, and leaves out what is not set', () => {
    const code = curlOf(
      {
        method: 'GET',
        path: '/calls',
        query: { text: "it's & more", model: undefined, failed: true },
      },
      ORIGIN,
    )
    expect(code).toBe(
      [
        "curl 'http://127.0.0.1:8090/api/v1/calls?text=it%27s+%26+more&failed=true' \\",
        '  -H "Authorization: Bearer $MAINSPRING_TOKEN"',
      ].join('\n'),
    )
  })

  it('repeats the parameter of a list', () => {
    const query = { group_by: ['model', 'key'], interval: undefined }
    const code = curlOf({ method: 'GET', path: '/costs', query }, ORIGIN)
    expect(code).toContain('/costs?group_by=model&group_by=key')
  })

  it('sends a body as JSON', () => {
    const code = curlOf({ method: 'POST', path: '/x', body: { name: "Ada's" } }, ORIGIN)
    expect(code).toContain('-X POST')
    expect(code).toContain(`"name": "Ada'\\''s"`)
  })
})

describe('pythonOf', () => {
  it('gives what stands in the path by position and all else by name', () => {
    const code = pythonOf(
      {
        method: 'POST',
        path: '/projects/prj_1/keys',
        sdk: 'projects.keys.create',
        positional: ['prj_1'],
        body: { name: 'ci', expires_at: '2026-03-10T00:00:00Z', models: null },
      },
      ORIGIN,
    )
    expect(code).toContain('from datetime import datetime')
    expect(code).toContain('client.projects.keys.create(\n        "prj_1",\n        name="ci",')
    expect(code).toContain('expires_at=datetime.fromisoformat("2026-03-10T00:00:00Z")')
    expect(code).toContain('models=None')
  })

  it('gives a list as one', () => {
    const query = { group_by: ['model', 'key'] }
    const code = pythonOf({ method: 'GET', path: '/costs', sdk: 'costs.summarize', query }, ORIGIN)
    expect(code).toContain('client.costs.summarize(group_by=["model", "key"])')
  })

  it('goes on over all pages of a list', () => {
    expect(pythonOf({ method: 'GET', path: '/calls', sdk: 'calls.list' }, ORIGIN)).toContain(
      'for one in client.calls.list():',
    )
  })

  it('goes on over all pages whatever the method is called, and saves what is downloaded', () => {
    const listed = { method: 'GET', path: '/x', sdk: 'x.search', gives: 'page' } as const
    expect(pythonOf(listed, ORIGIN)).toContain('for one in client.x.search():')
    const saved = { method: 'GET', path: '/x', sdk: 'x.export', gives: 'download' } as const
    expect(pythonOf(saved, ORIGIN)).toContain('from pathlib import Path')
    expect(pythonOf(saved, ORIGIN)).toContain('with client.x.export() as answer:')
  })
})

it('writes values as Python does', () => {
  expect(pythonLiteral({ a: [true, null, 1.5, 'x"y'], b: {} })).toBe(
    '{"a": [True, None, 1.5, "x\\"y"], "b": {}}',
  )
})
