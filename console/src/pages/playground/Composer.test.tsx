import { fireEvent, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { show } from '@/testing/render'
import { Composer } from './Composer'
import type { Chat } from './use-chat'

beforeEach(() => sessionStorage.clear())

const chat = (over: Partial<Chat> = {}): Chat => ({
  turns: [],
  streaming: false,
  ask: vi.fn(),
  again: vi.fn(),
  stop: vi.fn(),
  clear: vi.fn(),
  ...over,
})

it('sends with Enter, and begins a new line with Shift+Enter', async () => {
  const ask = vi.fn()
  await show(<Composer chat={chat({ ask })} disabled={false} />)
  const box = screen.getByRole('textbox')
  await userEvent.type(box, 'one{Shift>}{Enter}{/Shift}two')
  expect(ask).not.toHaveBeenCalled()
  await userEvent.type(box, '{Enter}')
  expect(ask).toHaveBeenCalledExactlyOnceWith('one\ntwo')
  expect(box).toHaveProperty('value', '')
})

it('does not send the Enter that chooses a character of an input method', async () => {
  const ask = vi.fn()
  await show(<Composer chat={chat({ ask })} disabled={false} />)
  const box = screen.getByRole('textbox')
  fireEvent.change(box, { target: { value: '你好' } })
  fireEvent.keyDown(box, { key: 'Enter', isComposing: true })
  expect(ask).not.toHaveBeenCalled()
  fireEvent.keyDown(box, { key: 'Enter' })
  expect(ask).toHaveBeenCalledExactlyOnceWith('你好')
})

it('offers to stop while an answer streams, and sends nothing meanwhile', async () => {
  const running = chat({ streaming: true })
  await show(<Composer chat={running} disabled={false} />)
  await userEvent.type(screen.getByRole('textbox'), 'next{Enter}')
  expect(running.ask).not.toHaveBeenCalled()
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }))
  expect(running.stop).toHaveBeenCalledOnce()
})

it('keeps what was written over a reload', async () => {
  await show(<Composer chat={chat()} disabled={false} />)
  await userEvent.type(screen.getByRole('textbox'), 'draft')
  expect(sessionStorage.getItem('mainspring.playground-text')).toBe('"draft"')
})
