import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { SlidersHorizontal } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Setting } from '@/api/types'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { matching } from './matching'

const settingsQuery = {
  queryKey: ['system', 'settings'],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call<{ items: Setting[] }>('GET', '/system/settings', { signal }),
}

/** Which settings hold in this installation, and whether somebody set them. */
export function SettingsCard() {
  const { t, i18n } = useTranslation()
  const settings = useQuery(settingsQuery)
  const navigate = useNavigate()
  const { setting: words = '', settings: shown } = useSearch({ from: '/app/system' })
  const all = shown === 'all'
  const change = (next: { setting?: string | undefined; settings?: 'all' | undefined }) =>
    navigate({ to: '/system', search: (before) => ({ ...before, ...next }), replace: true })
  const rows = useMemo(
    () => settings.data && matching(settings.data.items, words, all),
    [settings.data, words, all],
  )
  const columns = useMemo<VirtualColumn<Setting>[]>(
    () => [
      {
        id: 'name',
        header: t('system.setting'),
        width: 'w-56 sm:w-88',
        cell: (setting) => (
          <code
            className="block truncate font-mono text-ink text-xs"
            title={i18n.language === 'zh' ? setting.meaning_zh : setting.meaning}
          >
            {setting.name}
          </code>
        ),
      },
      {
        id: 'value',
        header: t('system.value'),
        cell: (setting) => (
          <code className="block truncate font-mono text-xs" title={setting.value ?? ''}>
            {setting.value ?? ''}
          </code>
        ),
      },
      {
        id: 'source',
        header: t('system.source'),
        width: 'w-32',
        from: 'sm',
        cell: (setting) => (
          <Badge tone={setting.source === 'environment' ? 'accent' : 'idle'}>
            {t(`system.sources.${setting.source}`)}
          </Badge>
        ),
      },
    ],
    [t, i18n.language],
  )
  return (
    <Card aria-labelledby="settings">
      <CardHeader id="settings" title={t('system.settings')} hint={t('system.settingsHint')}>
        <AsCode
          request={{
            method: 'GET',
            path: '/system/settings',
            sdk: 'system.settings.list',
            cli: 'mainspring settings',
          }}
        />
      </CardHeader>
      <search className="grid gap-2 border-line border-b px-4 pb-3 sm:grid-cols-[1fr_auto] sm:px-5">
        <Input
          type="search"
          aria-label={t('system.findSetting')}
          placeholder={t('system.findSetting')}
          value={words}
          onChange={(event) => change({ setting: event.target.value || undefined })}
        />
        <Select
          aria-label={t('system.which')}
          value={all ? 'all' : 'set'}
          onChange={(event) =>
            change({ settings: event.target.value === 'all' ? 'all' : undefined })
          }
        >
          <option value="set">{t('system.onlySet')}</option>
          <option value="all">{t('system.allSettings')}</option>
        </Select>
      </search>
      {settings.isError ? (
        <Problem error={settings.error} onRetry={() => settings.refetch()} className="m-4" />
      ) : rows === undefined ? (
        <SkeletonRows rows={6} />
      ) : rows.length === 0 ? (
        <Empty icon={SlidersHorizontal} title={t('system.noSettingTitle')}>
          {t('system.noSettingText')}
        </Empty>
      ) : (
        <VirtualTable
          label={t('system.settings')}
          columns={columns}
          rows={rows}
          rowId={(setting) => setting.name}
          className="max-h-[60dvh]"
        />
      )}
    </Card>
  )
}
