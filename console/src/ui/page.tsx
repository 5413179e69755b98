import type { ReactNode } from 'react'
import { useTitle } from '@/app/title'

interface PageProps {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** The frame of every page inside the shell: its title (also the document's), its actions. */
export function Page({ title, description, actions, children }: PageProps) {
  useTitle(title)
  return (
    <div className="mx-auto w-full max-w-[120rem] px-4 py-5 sm:px-6 lg:px-8 lg:py-7">
      <header className="mb-5 flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="font-semibold text-2xl text-ink tracking-tight">{title}</h1>
          {description ? (
            <p className="mt-1 max-w-2xl text-base text-ink-soft">{description}</p>
          ) : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}
