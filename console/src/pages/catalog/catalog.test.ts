import { describe, expect, it } from 'vitest'
import { catalogSearch, comparedOf, registryFilter, toggled } from './search'
import {
  expectedCost,
  hardware,
  parameters,
  pricesOf,
  propertyText,
  weightsBytes,
} from './specification'

describe('the address of the catalogue', () => {
  it('keeps what it understands and drops the rest', () => {
    const read = catalogSearch({ q: 'code', task: 'sing', context: '32768', all: 'yes', ask: 7 })
    expect(JSON.parse(JSON.stringify(read))).toEqual({ q: 'code', context: 32_768 })
  })

  it('asks the registry for models in service unless all are wanted', () => {
    expect(registryFilter({}).in_service).toBe(true)
    expect(registryFilter({ all: true }).in_service).toBeUndefined()
  })

  it('compares each model once, and eight at most', () => {
    expect(comparedOf({ compare: 'a,b,,a' })).toEqual(['a', 'b'])
    expect(toggled(['a'], 'b')).toBe('a,b')
    expect(toggled(['a', 'b'], 'a')).toBe('b')
    expect(toggled(['a'], 'a')).toBeUndefined()
    const eight = ['1', '2', '3', '4', '5', '6', '7', '8']
    expect(toggled(eight, '9')).toBe(eight.join(','))
  })
})

describe('a card', () => {
  it.each([
    [134_515_008, '134.5 M'],
    [7_240_000_000, '7.2 B'],
    [1_040_000_000_000, '1 T'],
  ])('names %i parameters %s', (value, text) => {
    expect(parameters(value, 'en')).toBe(text)
  })

  it('adds up the sizes of its files when it knows them all', () => {
    const file = (bytes: number | null) => ({ path: 'a', sha256: '0'.repeat(64), bytes })
    expect(weightsBytes([file(2), file(0)])).toBe(2)
    expect(weightsBytes([file(2), file(null)])).toBeNull()
    expect(weightsBytes([])).toBeNull()
  })

  it('tells the machine that it wants', () => {
    const wanted = { accelerators: 2, accelerator: 'H100', accelerator_memory_gib: 80, cpus: 8 }
    expect(hardware(wanted, 'en')).toBe('2 × H100 (80 GiB), 8 CPU')
    expect(hardware({ memory_gib: 16 }, 'en')).toBe('16 GiB')
  })

  it.each([
    ['parameters', 7e9, '7 B'],
    ['context_length', 32_768, '32,768'],
    ['languages', ['en', 'zh'], 'en, zh'],
    ['languages', [], null],
    ['hardware', { memory_gib: 4 }, '4 GiB'],
    ['licence', null, null],
    ['weights_bytes', 65_000_000_000, '65 GB'],
  ])('has %s %j compared as %j', (name, value, text) => {
    expect(propertyText(name, value, 'en')).toBe(text)
  })
})

describe('prices', () => {
  it('name what is sold, and nothing else', () => {
    expect(pricesOf({ input: 0, output: 5 })).toEqual([
      ['input', 0],
      ['output', 5],
    ])
    expect(pricesOf({ input: 0, units: { image: 40 } })).toEqual([['image', 40]])
  })

  it('give what a volume costs at the dearer rate', () => {
    const price = { input: 1_000_000_000, output: 3_000_000_000 }
    expect(expectedCost(2_000_000, price)).toBe(6_000_000_000)
    expect(expectedCost(null, price)).toBeNull()
    expect(expectedCost(10, null)).toBeNull()
  })
})
