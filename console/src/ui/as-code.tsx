import { Terminal } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiRequest, curlOf, pythonOf } from '@/format/api-snippets'
import { Button } from './button'
import { CodeBlock } from './code'
import { Dialog } from './dialog'
import { Tabs } from './tabs'

/** Shows what a page just did, or is about to do, as a program would: nothing here is magic. */
export function AsCode({ request }: { request: ApiRequest }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<Terminal aria-hidden />} onClick={() => setOpen(true)}>
        {t('asCode.action')}
      </Button>
      {open ? <CodeOfRequest request={request} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

function CodeOfRequest({ request, onClose }: { request: ApiRequest; onClose: () => void }) {
  const { t } = useTranslation()
  const origin = location.origin
  const ways = [
    ['curl', curlOf(request, origin)],
    ['cli', request.cli],
    ['python', pythonOf(request, origin)],
  ] as const
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t('asCode.title')}
      description={t('asCode.text')}
      className="sm:max-w-3xl"
    >
      <Tabs.Root defaultValue="curl">
        <Tabs.List aria-label={t('asCode.title')}>
          {ways.map(([way]) => (
            <Tabs.Trigger key={way} value={way}>
              {t(`asCode.${way}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {ways.map(([way, code]) => (
          <Tabs.Content key={way} value={way} className="mt-3 outline-offset-4">
            {typeof code === 'string' ? (
              <CodeBlock code={code} label={t(`asCode.${way}`)} />
            ) : (
              <p className="text-ink-soft text-sm">{t(`asCode.noCommand.${code.none}`)}</p>
            )}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  )
}
