/** The token of an invitation's link, taken out of the address at once and kept for this tab. */
import { recallDraft, rememberDraft } from '@/app/memory'
import { tokenIn } from '@/pages/setup/setup-token'

export function takeInvitation(): string {
  const found = tokenIn(location.search, location.hash)
  if (found) {
    rememberDraft('invite-token', found)
    history.replaceState(history.state, '', location.pathname)
  }
  return found ?? recallDraft('invite-token', '')
}

export function forgetInvitation(): void {
  rememberDraft('invite-token', '')
}
