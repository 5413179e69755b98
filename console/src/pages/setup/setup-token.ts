/**
 * The one-time token of the set-up link. It is taken out of the address at once, so that it stays
 * in no history, bookmark or screenshot, and is kept for this tab until it was used.
 */
import { recallDraft, rememberDraft } from '@/app/memory'

/** Find the token in an address: `/setup?token=…` or `/setup#token=…`. */
export function tokenIn(search: string, hash: string): string | null {
  return (
    new URLSearchParams(search).get('token') ??
    new URLSearchParams(hash.replace(/^#/, '')).get('token')
  )
}

export function takeToken(): string {
  const found = tokenIn(location.search, location.hash)
  if (found) {
    rememberDraft('setup-token', found)
    history.replaceState(history.state, '', location.pathname)
  }
  return found ?? recallDraft('setup-token', '')
}

export function forgetToken(): void {
  rememberDraft('setup-token', '')
}
