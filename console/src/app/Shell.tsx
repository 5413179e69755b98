import { Outlet, useRouterState, useSearch } from '@tanstack/react-router'
import { Menu as MenuIcon, Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type HeldChange, onChangeHeld } from '@/api/client'
import { Button } from '@/ui/button'
import { overlayLook } from '@/ui/dialog'
import { LogoMark } from '@/ui/logo'
import { chunk } from './chunk'
import { LanguageMenu, ThemeMenu } from './display-menus'
import { EmergencyBanner } from './EmergencyBanner'
import { LiveBadge } from './LiveBadge'
import { LiveProvider } from './live'
import { Sidebar } from './Sidebar'
import { UserMenu } from './UserMenu'

// Fetched when it is first opened, or as soon as one points at its button.
const loadPalette = chunk(() => import('./CommandPalette'))
const CommandPalette = lazy(loadPalette)
const HeldDialog = lazy(chunk(() => import('./HeldDialog')))

const onApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The frame around every page behind the sign-in: sidebar, top bar, palette, live stream. */
export default function Shell() {
  const { t } = useTranslation()
  const [palette, setPalette] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const [held, setHeld] = useState<HeldChange | null>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const { kiosk } = useSearch({ strict: false })

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        setPalette((open) => !open)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  useEffect(() => onChangeHeld(setHeld), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the drawer
  useEffect(() => setDrawer(false), [path])

  // On a wall nobody steers: the page has the screen to itself.
  if (kiosk) {
    return (
      <LiveProvider>
        <EmergencyBanner />
        <main id="main" tabIndex={-1} className="min-h-dvh outline-none">
          <Outlet />
        </main>
      </LiveProvider>
    )
  }
  return (
    <LiveProvider>
      <a
        href="#main"
        className="fixed start-3 top-3 z-70 -translate-y-20 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {t('shell.skip')}
      </a>
      <div className="grid min-h-dvh grid-cols-1 lg:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="sticky top-0 h-dvh border-line border-e bg-sunken max-lg:hidden">
          <Sidebar />
        </aside>
        <div className="flex min-w-0 flex-col">
          <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-line border-b bg-canvas/85 px-3 backdrop-blur sm:px-6 lg:px-8">
            <Dialog.Root open={drawer} onOpenChange={setDrawer}>
              <Dialog.Trigger asChild>
                <Button
                  tone="ghost"
                  size="icon"
                  className="lg:hidden"
                  aria-label={t('shell.openNavigation')}
                >
                  <MenuIcon aria-hidden />
                </Button>
              </Dialog.Trigger>
              <Dialog.Portal>
                <Dialog.Overlay className={overlayLook} />
                <Dialog.Content
                  aria-describedby={undefined}
                  className="fixed inset-y-0 start-0 z-50 w-72 max-w-[85vw] border-line border-e bg-sunken shadow-float outline-none"
                >
                  <Dialog.Title className="sr-only">{t('shell.navigation')}</Dialog.Title>
                  <Sidebar />
                </Dialog.Content>
              </Dialog.Portal>
            </Dialog.Root>
            <LogoMark className="size-7 lg:hidden" />
            <button
              type="button"
              onClick={() => setPalette(true)}
              onPointerEnter={() => void loadPalette()}
              aria-keyshortcuts={onApple ? 'Meta+K' : 'Control+K'}
              className="flex h-9 items-center gap-2 rounded-lg text-ink-faint text-sm transition-colors hover:text-ink max-sm:ms-auto max-sm:size-9 max-sm:justify-center sm:w-72 sm:border sm:border-line sm:bg-surface sm:px-3 sm:hover:border-line-strong"
            >
              <Search aria-hidden className="size-4" />
              <span className="max-sm:sr-only">{t('shell.search')}</span>
              <kbd
                aria-hidden
                className="ms-auto rounded border border-line bg-sunken px-1.5 font-sans text-2xs max-sm:hidden"
              >
                {onApple ? '⌘K' : 'Ctrl K'}
              </kbd>
            </button>
            <div className="flex items-center gap-1 sm:ms-auto">
              <LiveBadge />
              <LanguageMenu />
              <ThemeMenu />
              <UserMenu />
            </div>
          </header>
          <EmergencyBanner />
          <main id="main" tabIndex={-1} className="flex-1 outline-none">
            <Outlet />
          </main>
        </div>
      </div>
      {palette ? (
        <Suspense>
          <CommandPalette onOpenChange={setPalette} />
        </Suspense>
      ) : null}
      {held ? (
        <Suspense>
          <HeldDialog key={held.id} change={held} onClose={() => setHeld(null)} />
        </Suspense>
      ) : null}
    </LiveProvider>
  )
}
