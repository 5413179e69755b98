import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { systemInfoQuery } from '@/api/queries'
import { LogoMark } from '@/ui/logo'
import { useAreas } from './areas'
import { ProjectSwitcher } from './ProjectSwitcher'

/** Where one is and where one can go. */
export function Sidebar() {
  const { t } = useTranslation()
  const { data: info } = useQuery(systemInfoQuery)
  const areas = useAreas()
  return (
    <div className="flex h-full flex-col">
      <Link
        to="/"
        className="focus-inset flex h-14 items-center gap-2.5 px-5 font-semibold text-ink text-lg tracking-tight"
      >
        <LogoMark className="size-7" />
        {t('common.product')}
      </Link>
      <div className="px-3 pt-1 pb-2">
        <ProjectSwitcher />
      </div>
      <nav
        aria-label={t('shell.navigation')}
        className="flex-1 space-y-4 overflow-y-auto px-3 py-2"
      >
        {areas.map((area) => (
          <div key={area.id}>
            <h2 className="px-2.5 pb-1 font-medium text-2xs text-ink-faint">
              {t(`areas.${area.id}`)}
            </h2>
            <ul className="space-y-0.5">
              {area.pages.map(({ id, path, icon: Icon }) => (
                <li key={id}>
                  <Link
                    to={path}
                    activeOptions={{ exact: path === '/', includeSearch: false }}
                    className="flex h-9 items-center gap-2.5 rounded-lg px-2.5 font-medium text-base transition-colors [&_svg]:size-4"
                    activeProps={{
                      className: 'bg-raised text-ink shadow-card [&_svg]:text-accent-ink',
                    }}
                    inactiveProps={{ className: 'text-ink-soft hover:bg-hover hover:text-ink' }}
                  >
                    <Icon aria-hidden />
                    {t(`pages.${id}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      {info ? (
        <p className="tabular border-line border-t px-5 py-3 text-ink-faint text-xs">
          {t('shell.version', { version: info.version })}
        </p>
      ) : null}
    </div>
  )
}
