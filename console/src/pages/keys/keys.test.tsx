import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { answering } from '@/testing/fetch'
import { show } from '@/testing/render'
import { KEY, MODEL } from '@/testing/samples'
import { CreateKeyDialog } from './CreateKeyDialog'
import { keyState } from './key-state'

afterEach(() => vi.unstubAllGlobals())

describe('keyState', () => {
  const now = Date.parse('2026-03-10T00:00:00Z')

  it.each([
    [{ expires_at: null, revoked_at: null }, 'active'],
    [{ expires_at: '2026-04-10T00:00:00Z', revoked_at: null }, 'active'],
    [{ expires_at: '2026-03-12T00:00:00Z', revoked_at: null }, 'expiring'],
    [{ expires_at: '2026-03-10T00:00:00Z', revoked_at: null }, 'expired'],
    [{ expires_at: '2026-03-01T00:00:00Z', revoked_at: '2026-02-01T00:00:00Z' }, 'revoked'],
  ] as const)('of %j is %s', (key, state) => {
    expect(keyState(key, now)).toBe(state)
  })
})

describe('CreateKeyDialog', () => {
  const SECRET = 'msk-only-once'

  it('shows the secret once, keeps it open until it is saved, and forgets it', async () => {
    const sent = answering(
      Response.json({ items: [MODEL], next_cursor: null }),
      Response.json({ ...KEY, name: 'ci', secret: SECRET }, { status: 201 }),
      Response.json({ version: '1', gateway_url: 'http://127.0.0.1:8080' }),
    )
    const onClose = vi.fn()
    const queries = await show(
      <CreateKeyDialog organizationId="org_1" projectId="prj_1" onClose={onClose} />,
    )
    await userEvent.type(screen.getByLabelText('Name'), ' ci ')
    await userEvent.selectOptions(screen.getByLabelText('Expires'), 'Never')
    await userEvent.click(screen.getByRole('button', { name: 'Create key' }))

    await screen.findByText(SECRET)
    const post = sent.find(({ method }) => method === 'POST')
    expect(post).toMatchObject({ url: '/api/v1/projects/prj_1/keys', body: { name: 'ci' } })

    await userEvent.keyboard('{Escape}')
    expect(onClose).not.toHaveBeenCalled()
    await userEvent.click(screen.getByRole('button', { name: 'I have saved it' }))
    expect(onClose).toHaveBeenCalledOnce()
    expect(
      JSON.stringify(
        queries
          .getQueryCache()
          .getAll()
          .map(({ state }) => state.data),
      ),
    ).not.toContain(SECRET)
  })

  it('asks for at least one model when not all are allowed', async () => {
    answering(Response.json({ items: [MODEL], next_cursor: null }))
    await show(<CreateKeyDialog organizationId="org_1" projectId="prj_1" onClose={() => {}} />)
    await userEvent.click(screen.getByLabelText('All models of the project'))
    const create = screen.getByRole('button', { name: 'Create key' })
    expect(create).toHaveProperty('disabled', true)
    await userEvent.click(await screen.findByLabelText(MODEL.name))
    await waitFor(() => expect(create).toHaveProperty('disabled', false))
  })

  it('says what is wrong beside the field', async () => {
    answering(
      Response.json({ items: [], next_cursor: null }),
      Response.json(
        {
          code: 'conflict',
          title: 'T',
          detail: 'taken',
          next_step: 'N',
          errors: [{ field: 'name', message: 'This name is taken' }],
        },
        { status: 409 },
      ),
    )
    await show(<CreateKeyDialog organizationId="org_1" projectId="prj_1" onClose={() => {}} />)
    await userEvent.type(screen.getByLabelText('Name'), 'ci{Enter}')
    await screen.findByText('This name is taken')
    expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true')
  })
})
