import { describe, expect, it } from 'vitest'
import type { Model } from '@/api/types'
import { MODEL } from '@/testing/samples'
import { changeOf, creationOf, formOf, namesOf, priceOf } from './model-form'

const PRICED: Model = {
  ...MODEL,
  aliases: ['writer'],
  price: { input: 250_000_000, output: 2_000_000_000, currency: 'EUR', batch_percent: 50 },
  routing: { strategy: 'sticky', sticky: { by: 'header' } },
}

describe('the form of a model', () => {
  it.each([MODEL, PRICED])('changes nothing where nothing was changed', (model) => {
    expect(changeOf(formOf(model), model)).toEqual({})
  })

  it('gives a price by the million tokens, and keeps what it does not show', () => {
    const form = { ...formOf(PRICED), input: '0.3', cachedInput: '0.05' }
    expect(changeOf(form, PRICED)).toEqual({
      price: {
        input: 300_000_000,
        output: 2_000_000_000,
        cached_input: 50_000_000,
        currency: 'EUR',
        batch_percent: 50,
      },
    })
    expect(changeOf({ ...formOf(PRICED), priced: false }, PRICED)).toEqual({ price: null })
    expect(priceOf({ ...formOf(null), priced: true, currency: 'usd' }, null)).toEqual({
      input: 0,
      output: 0,
      cached_input: null,
      currency: 'USD',
    })
  })

  it('keeps the rest of the routing', () => {
    expect(changeOf({ ...formOf(PRICED), strategy: 'latency' }, PRICED)).toEqual({
      routing: {
        strategy: 'latency',
        sticky: { by: 'header' },
        hedge_after_ms: null,
        client_hints: false,
      },
    })
  })

  it('takes names apart, each once', () => {
    expect(namesOf(' a, b  c,a,')).toEqual(['a', 'b', 'c'])
    expect(changeOf({ ...formOf(PRICED), aliases: '' }, PRICED)).toEqual({ aliases: [] })
  })

  it('names a new model at its upstream as here, unless it is said', () => {
    const form = { name: ' writer ', tasks: ['chat'] as const, upstreamId: 'ups_1' }
    expect(creationOf({ ...form, upstreamModel: '' }).targets).toEqual([
      { upstream_id: 'ups_1', upstream_model: 'writer' },
    ])
    expect(creationOf({ ...form, upstreamModel: 'gpt-x' })).toEqual({
      name: 'writer',
      tasks: ['chat'],
      targets: [{ upstream_id: 'ups_1', upstream_model: 'gpt-x' }],
    })
  })
})
