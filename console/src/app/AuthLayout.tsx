import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LogoMark } from '@/ui/logo'
import { LanguageMenu, ThemeMenu } from './display-menus'
import { useTitle } from './title'

interface AuthLayoutProps {
  title: string
  description: ReactNode
  children: ReactNode
}

/** The frame of the pages before the sign-in: the form on one side, the product on the other. */
export function AuthLayout({ title, description, children }: AuthLayoutProps) {
  const { t } = useTranslation()
  useTitle(title)
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="flex min-h-dvh flex-col">
        <header className="flex h-16 items-center gap-2.5 px-5 sm:px-8">
          <LogoMark />
          <span className="font-semibold text-ink text-lg tracking-tight">
            {t('common.product')}
          </span>
          <div className="ms-auto flex items-center gap-1">
            <LanguageMenu />
            <ThemeMenu />
          </div>
        </header>
        <main className="flex flex-1 flex-col justify-center px-5 py-8 sm:px-8">
          <div className="mx-auto w-full max-w-sm lg:mb-16">
            <h1 className="font-semibold text-2xl text-ink tracking-tight">{title}</h1>
            <p className="mt-1.5 mb-7 text-base text-ink-soft">{description}</p>
            {children}
          </div>
        </main>
      </div>
      <aside className="relative overflow-hidden bg-steel max-lg:hidden">
        <Coil />
        <div className="absolute inset-x-0 bottom-0 p-12 2xl:p-20">
          <p className="max-w-lg text-balance font-semibold text-3xl text-on-steel leading-tight tracking-tight">
            {t('auth.promise')}
          </p>
          <p className="mt-4 max-w-md text-lg text-on-steel-soft">{t('auth.promiseMore')}</p>
        </div>
      </aside>
    </div>
  )
}

/** An Archimedean spiral as a path: the spring itself, seen from above. */
function spiral(turns: number, pitch: number, stepsPerTurn = 96): string {
  const points: string[] = []
  for (let step = 0; step <= turns * stepsPerTurn; step += 1) {
    const angle = (step / stepsPerTurn) * 2 * Math.PI
    const radius = 14 + (pitch * angle) / (2 * Math.PI)
    points.push(`${(radius * Math.cos(angle)).toFixed(1)} ${(radius * Math.sin(angle)).toFixed(1)}`)
  }
  return `M${points.join('L')}`
}

const COIL = spiral(11, 25)

function Coil() {
  return (
    <svg
      aria-hidden="true"
      viewBox="-300 -300 600 600"
      className="absolute -end-[18%] -top-[14%] h-[105%] w-[105%]"
    >
      <path d={COIL} className="fill-none stroke-on-steel opacity-15" strokeWidth="3.5" />
      <circle r="14" className="fill-brass" />
      <circle r="5" className="fill-steel" />
    </svg>
  )
}
