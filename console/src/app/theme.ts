/** Light, dark, or as the system says. `public/early.js` applies the choice before first paint. */
import { useSyncExternalStore } from 'react'
import { recall, remember } from './memory'

export type Theme = 'light' | 'dark' | 'system'

export const THEMES: readonly Theme[] = ['light', 'dark', 'system']

const listeners = new Set<() => void>()
const systemDark = matchMedia('(prefers-color-scheme: dark)')

export function currentTheme(): Theme {
  const stored = recall('theme')
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function apply(): void {
  const theme = currentTheme()
  const dark = theme === 'dark' || (theme === 'system' && systemDark.matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  for (const listener of listeners) listener()
}

export function setTheme(theme: Theme): void {
  remember('theme', theme === 'system' ? null : theme)
  apply()
}

/** Follow the system and the other tabs from now on. */
export function startTheme(): void {
  systemDark.addEventListener('change', apply)
  window.addEventListener('storage', (event) => {
    if (event.key === 'mainspring.theme') apply()
  })
  apply()
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, currentTheme)
}
