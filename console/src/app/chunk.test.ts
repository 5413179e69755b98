import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chunk } from './chunk'

const gone = () =>
  Promise.reject(new TypeError('Failed to fetch dynamically imported module: /a.js'))
const reload = vi.fn()

/** What an import has come to once everything that is due has run. */
async function state(load: () => Promise<unknown>): Promise<unknown> {
  const pending = Symbol('pending')
  const later = new Promise((resolve) => setTimeout(resolve, 0, pending))
  const ended = await Promise.race([load().catch((error: unknown) => error), later])
  return ended === pending ? 'pending' : ended
}

beforeEach(() => {
  sessionStorage.clear()
  reload.mockClear()
  vi.stubGlobal('location', { reload })
})

afterEach(() => vi.unstubAllGlobals())

describe('chunk', () => {
  it('hands on what was loaded', async () => {
    expect(await chunk(() => Promise.resolve({ default: 1 }))()).toEqual({ default: 1 })
    expect(reload).not.toHaveBeenCalled()
  })

  it('loads the page anew for a chunk that is gone, and shows no error meanwhile', async () => {
    expect(await state(chunk(gone))).toBe('pending')
    expect(reload).toHaveBeenCalledOnce()
  })

  it('does so once: a chunk that is truly missing is an error', async () => {
    await state(chunk(gone))
    expect(await state(chunk(gone))).toBeInstanceOf(TypeError)
    expect(reload).toHaveBeenCalledOnce()
  })

  it('waits for the network where there is none', async () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    expect(await state(chunk(gone))).toBe('pending')
    expect(reload).not.toHaveBeenCalled()
    window.dispatchEvent(new Event('online'))
    expect(reload).toHaveBeenCalledOnce()
  })
})
