import { Download, FileSpreadsheet, Landmark } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { address } from '@/api/client'
import { Button } from '@/ui/button'
import { Menu } from '@/ui/menu'
import type { CostQuestion } from './queries'
import type { Interval } from './search'

interface ExportMenuProps {
  question: CostQuestion
  /** The interval of the chart; `null` where it has none. */
  interval: Interval | null
}

/** The same sums as files: control writes them, so they hold all that a page would cut off. */
export function ExportMenu({ question, interval }: ExportMenuProps) {
  const { t } = useTranslation()
  const { since, until, org_id, project_id } = question
  const files = [
    {
      id: 'table',
      icon: FileSpreadsheet,
      href: address('/costs', { ...question, format: 'csv' }),
      name: 'costs.csv',
    },
    {
      id: 'course',
      icon: FileSpreadsheet,
      href: address('/costs', { ...question, interval: interval ?? 'hour', format: 'csv' }),
      name: 'costs-over-time.csv',
    },
    {
      id: 'focus',
      icon: Landmark,
      href: address('/costs/focus', { since, until, org_id, project_id }),
      name: 'focus.csv',
    },
  ] as const
  return (
    <Menu.Root>
      <Menu.Trigger asChild>
        <Button icon={<Download aria-hidden />}>{t('usage.export')}</Button>
      </Menu.Trigger>
      <Menu.Content align="end">
        {files.map(({ id, icon: Icon, href, name }) => (
          <Menu.Item key={id} asChild>
            <a href={href} download={name} data-export={id}>
              <Icon aria-hidden />
              {t(`usage.exports.${id}`)}
            </a>
          </Menu.Item>
        ))}
      </Menu.Content>
    </Menu.Root>
  )
}
