import { describe, expect, it } from 'vitest'
import type { Preset, UpstreamDraft } from '@/api/types'
import { addressOf, createBody, isComplete, likelyTask, spoken, startOf, testBody } from './form'

const words = (en: string) => ({ en, zh: `${en}（中）` })

const PRESET: Preset = {
  id: 'azure-openai',
  kind: 'vendor',
  title: words('Azure'),
  notes: words('Note'),
  protocol: 'openai',
  auth: 'header',
  credential: words('A key'),
  credential_header: 'api-key',
  credential_required: true,
  enforces_tool_choice: true,
  models_path: null,
  sigv4_region: null,
  checked: '2026-11',
  docs: 'https://example.com',
  endpoints: [
    {
      name: 'openai',
      title: words('OpenAI'),
      base_url: 'https://{resource}.example.com/v1',
      region: null,
    },
    {
      name: 'foundry',
      title: words('Foundry'),
      base_url: 'https://{resource}.f.example.com',
      region: null,
    },
  ],
  variables: [
    {
      name: 'resource',
      title: words('resource'),
      example: 'contoso',
      pattern: '.*',
      default: null,
    },
  ],
}

describe('the form of a preset', () => {
  const start = startOf(PRESET)

  it('begins with what is known', () => {
    expect(start).toEqual({
      name: 'azure-openai',
      endpoint: 'openai',
      values: { resource: '' },
      credential: '',
    })
  })

  it('shows the address as far as it is known', () => {
    expect(addressOf(PRESET, start)).toBe('https://{resource}.example.com/v1')
    const filled = { ...start, endpoint: 'foundry', values: { resource: ' mine ' } }
    expect(addressOf(PRESET, filled)).toBe('https://mine.f.example.com')
  })

  it('is complete once every value and a needed credential are there', () => {
    const filled = { ...start, values: { resource: 'mine' } }
    expect(isComplete(PRESET, start)).toBe(false)
    expect(isComplete(PRESET, filled)).toBe(false)
    expect(isComplete(PRESET, { ...filled, credential: 'k' })).toBe(true)
    expect(isComplete({ ...PRESET, credential_required: false }, filled)).toBe(true)
  })

  it('sends what was written, and no credential where there is none', () => {
    const filled = { ...start, name: ' a ', values: { resource: ' mine ' } }
    expect(createBody(filled)).toEqual({
      name: 'a',
      endpoint: 'openai',
      values: { resource: 'mine' },
      credential: null,
    })
    const draft: UpstreamDraft = {
      base_url: 'https://mine.example.com/v1',
      protocol: 'openai',
      credential_header: 'api-key',
      sigv4_region: null,
      enforces_tool_choice: true,
      first_byte_s: null,
      total_s: null,
      region: null,
    }
    expect(testBody(draft, { ...filled, credential: 'k' }, ' small ')).toEqual({
      base_url: 'https://mine.example.com/v1',
      protocol: 'openai',
      credential_header: 'api-key',
      sigv4_region: null,
      credential: 'k',
      call_model: 'small',
    })
  })

  it('speaks the reader’s language', () => {
    expect(spoken(PRESET.title, 'zh')).toBe('Azure（中）')
    expect(spoken(PRESET.title, 'xx')).toBe('Azure')
  })
})

describe('what a model most likely does', () => {
  it.each([
    ['text-embedding-3-small', 'embedding'],
    ['BAAI/bge-m3', 'embedding'],
    ['multilingual-e5-small', 'embedding'],
    ['bge-reranker-v2', 'rerank'],
    ['gpt-5-mini', 'chat'],
    ['qwen3-max', 'chat'],
  ] as const)('%s: %s', (name, task) => {
    expect(likelyTask(name)).toBe(task)
  })
})
