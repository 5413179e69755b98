import { useNavigate } from '@tanstack/react-router'
import { LogOut, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Menu } from '@/ui/menu'
import { useToast } from '@/ui/toast'
import { useSession, useSignOut } from './session'

/** The first letters of a name: `Ada Lovelace` → `AL`, `林晓` → `林`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? ''
  const isLatin = /[a-z]/i.test(first)
  const last = isLatin && words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}

export function UserMenu() {
  const { t } = useTranslation()
  const { user } = useSession()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const toast = useToast()
  return (
    <Menu.Root>
      <Menu.Trigger className="ms-1 grid size-8 place-items-center rounded-full bg-accent-soft font-semibold text-accent-ink text-xs transition-colors hover:bg-hover">
        <span className="sr-only">{t('shell.account')}</span>
        <span aria-hidden>{initials(user.name || user.email)}</span>
      </Menu.Trigger>
      <Menu.Content align="end">
        <div className="px-2.5 py-2">
          <p className="truncate font-medium text-ink text-sm">{user.name}</p>
          <p className="truncate text-ink-faint text-xs">{user.email}</p>
        </div>
        <Menu.Separator />
        <Menu.Item onSelect={() => void navigate({ to: '/account' })}>
          <UserRound aria-hidden />
          {t('pages.account')}
        </Menu.Item>
        <Menu.Item onSelect={() => signOut().catch(toast.failed)}>
          <LogOut aria-hidden />
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Content>
    </Menu.Root>
  )
}
