import { DatabaseZap, Repeat } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FullCall } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { AddToDataset } from './AddToDataset'
import { ReplayDialog } from './ReplayDialog'

/** What can be made of a call whose question was kept: the same again, and an item of a data set. */
export function CallActions({ call }: { call: FullCall }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'replay' | 'add' | null>(null)
  const place = { orgId: call.org_id, projectId: call.project_id }
  if (call.request === null) return null
  return (
    <>
      <ActionButton
        permission="model:call"
        place={place}
        icon={<Repeat aria-hidden />}
        onClick={() => setOpen('replay')}
      >
        {t('replay.action')}
      </ActionButton>
      <ActionButton
        permission="dataset:write"
        place={place}
        icon={<DatabaseZap aria-hidden />}
        onClick={() => setOpen('add')}
      >
        {t('datasets.add')}
      </ActionButton>
      {open === 'replay' ? <ReplayDialog call={call} onClose={() => setOpen(null)} /> : null}
      {open === 'add' ? <AddToDataset call={call} onClose={() => setOpen(null)} /> : null}
    </>
  )
}
