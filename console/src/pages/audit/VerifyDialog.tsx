import { useMutation } from '@tanstack/react-query'
import { CircleCheck, ShieldCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import { call } from '@/api/client'
import type { Verification } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { count } from '@/format/number'
import { CodeBlock } from '@/ui/code'
import { Dialog } from '@/ui/dialog'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'

/** Checks every link of the chain and says what it found. */
export function VerifyButton({ orgId, place }: { orgId: string | undefined; place: Place }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const verify = useMutation({
    mutationFn: () =>
      call<Verification>('GET', '/audit/verification', { query: { org_id: orgId } }),
  })
  return (
    <>
      <ActionButton
        permission="audit:read"
        place={place}
        icon={<ShieldCheck aria-hidden />}
        onClick={() => {
          setOpen(true)
          verify.mutate()
        }}
      >
        {t('audit.verify')}
      </ActionButton>
      {open ? (
        <Dialog
          open
          onOpenChange={setOpen}
          title={t('audit.verifyTitle')}
          description={t('audit.verifyText')}
          className="sm:max-w-2xl"
        >
          {verify.isPending ? (
            <SkeletonRows rows={2} />
          ) : verify.isError ? (
            <Problem error={verify.error} onRetry={() => verify.mutate()} />
          ) : verify.data ? (
            <Found found={verify.data} />
          ) : null}
        </Dialog>
      ) : null}
    </>
  )
}

function Found({ found }: { found: Verification }) {
  const { t, i18n } = useTranslation()
  const figures = {
    events: count(found.events, i18n.language),
    chains: count(found.chains, i18n.language),
  }
  return (
    <div className="space-y-4" data-intact={found.intact}>
      {found.intact ? (
        <p className="flex items-start gap-2.5 rounded-lg bg-ok-soft px-3.5 py-3 text-ok-ink text-sm">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('audit.intact', figures)}
        </p>
      ) : (
        <div className="rounded-lg bg-bad-soft px-3.5 py-3 text-sm">
          <p className="flex items-start gap-2.5 font-medium text-bad-ink">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            {t('audit.broken', figures)}
          </p>
          <ul className="mt-2 space-y-1">
            {found.faults.map((fault) => (
              <li key={`${fault.org_id}:${fault.seq}:${fault.kind}`} className="text-ink">
                {t(`audit.faults.${fault.kind}`, { chain: fault.org_id, seq: fault.seq })}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <p className="mb-1.5 text-ink-soft text-sm">{t('audit.anchors')}</p>
        <CodeBlock
          code={found.anchors.map(({ org_id, seq, hash }) => `${org_id}:${seq}:${hash}`).join('\n')}
          label={t('audit.anchorsLabel')}
        />
      </div>
    </div>
  )
}
