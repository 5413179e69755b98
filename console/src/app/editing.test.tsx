import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { call } from '@/api/client'
import type { Tagged } from '@/api/tagged'
import { answering } from '@/testing/fetch'
import { show } from '@/testing/render'
import { FormDialog } from '@/ui/form-dialog'
import { changedMeanwhile, Editing } from './editing'

afterEach(() => vi.unstubAllGlobals())

interface Thing {
  name: string
  updated_at: string
}

const read = (name: string, revision: number) =>
  Response.json(
    { name, updated_at: `2026-03-0${revision}T00:00:00Z` },
    { headers: { ETag: `"r${revision}"` } },
  )

const refused = () =>
  Response.json({ code: 'precondition_failed', title: 'Changed', detail: '' }, { status: 412 })

function Form({ thing }: { thing: Tagged<Thing> }) {
  const [name, setName] = useState(thing.name)
  const [error, setError] = useState<unknown>(null)
  return (
    <FormDialog
      title={thing.name}
      action={'Save'}
      busy={false}
      error={error}
      onSubmit={() =>
        void call('PATCH', '/things/1', { body: { name }, ifMatch: thing.revision }).catch(setError)
      }
      onClose={() => {}}
    >
      <input aria-label={'Name'} value={name} onChange={(event) => setName(event.target.value)} />
    </FormDialog>
  )
}

const field = () => screen.findByLabelText<HTMLInputElement>('Name')

describe('a form of what is there', () => {
  it('sends the revision it began from, shows what others changed, and begins anew', async () => {
    const sent = answering(
      read('one', 1),
      refused(),
      read('two', 2),
      read('two', 2),
      Response.json({}, { status: 200 }),
    )
    await show(
      <Editing<Thing> path="/things/1" title={'One'} onClose={() => {}}>
        {(thing) => <Form thing={thing} />}
      </Editing>,
    )
    await userEvent.type(await field(), '!')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))

    const alert = await screen.findByRole('alert')
    expect(await screen.findByText('two')).toBeTruthy()
    expect(alert.textContent).toContain('one')
    expect(alert.textContent).not.toContain('updated_at')
    expect((await field()).value).toBe('one!')

    await userEvent.click(screen.getByRole('button', { name: 'Begin anew from this' }))
    await vi.waitFor(async () => expect((await field()).value).toBe('two'))
    expect(screen.queryByRole('alert')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    const writes = sent.filter(({ method }) => method === 'PATCH')
    expect(writes.map(({ headers }) => headers['If-Match'])).toEqual(['"r1"', '"r2"'])
  })

  it('says why it cannot be opened', async () => {
    answering(Response.json({ code: 'not_found', title: 'Gone', detail: 'Gone' }, { status: 404 }))
    await show(
      <Editing<Thing> path="/things/1" title={'One'} onClose={() => {}}>
        {(thing) => <Form thing={thing} />}
      </Editing>,
    )
    expect(await screen.findByRole('alert')).toBeTruthy()
    expect(screen.queryByLabelText('Name')).toBeNull()
  })

  it('tells what differs, but for what every change changes', () => {
    const before = { name: 'one', limits: { a: 1 }, revision: 1, updated_at: 'x' }
    const after = { name: 'one', limits: { a: 2 }, revision: 2, updated_at: 'y' }
    expect(changedMeanwhile(before, after)).toEqual([{ path: 'limits.a', before: '1', after: '2' }])
  })
})
