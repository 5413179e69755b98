import { CircleCheck, TriangleAlert } from 'lucide-react'
import { Toast as Primitive } from 'radix-ui'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asApiError, CHANGE_PENDING } from '@/api/problem'
import { useProblemText } from '@/i18n/problem-text'

interface Notice {
  id: number
  tone: 'ok' | 'bad'
  title: string
  body?: string
}

interface Toaster {
  done: (title: string) => void
  failed: (error: unknown) => void
}

const ToasterContext = createContext<Toaster | null>(null)

/** Short news about what the user just did; failures that belong to a form stay in the form. */
export function useToast(): Toaster {
  const toaster = useContext(ToasterContext)
  if (!toaster) throw new Error('useToast needs a ToastProvider above it')
  return toaster
}

let nextId = 1

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const [notices, setNotices] = useState<Notice[]>([])
  const add = useCallback((notice: Omit<Notice, 'id'>) => {
    const id = nextId
    nextId += 1
    setNotices((all) => [...all.slice(-2), { ...notice, id }])
  }, [])
  const toaster = useMemo<Toaster>(
    () => ({
      done: (title) => add({ tone: 'ok', title }),
      failed: (error) => {
        const words = problemText(error)
        // What waits for a second person has not failed.
        const tone = asApiError(error).code === CHANGE_PENDING ? 'ok' : 'bad'
        add({ tone, title: words.title, body: words.nextStep })
      },
    }),
    [add, problemText],
  )
  return (
    <ToasterContext value={toaster}>
      <Primitive.Provider label={t('common.notification')} duration={6_000}>
        {children}
        {notices.map((notice) => (
          <Primitive.Root
            key={notice.id}
            onOpenChange={(open) => {
              if (!open) setNotices((all) => all.filter((one) => one.id !== notice.id))
            }}
            className="flex animate-rise items-start gap-3 rounded-xl border border-line bg-raised p-3.5 shadow-float"
          >
            {notice.tone === 'ok' ? (
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok-ink" />
            ) : (
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad-ink" />
            )}
            <div className="min-w-0">
              <Primitive.Title className="font-medium text-ink text-sm">
                {notice.title}
              </Primitive.Title>
              {notice.body ? (
                <Primitive.Description className="mt-0.5 text-ink-soft text-xs">
                  {notice.body}
                </Primitive.Description>
              ) : null}
            </div>
          </Primitive.Root>
        ))}
        <Primitive.Viewport className="fixed end-0 bottom-0 z-60 flex w-full max-w-sm flex-col gap-2 p-4 outline-none" />
      </Primitive.Provider>
    </ToasterContext>
  )
}
