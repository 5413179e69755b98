import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useTitle } from '@/app/title'
import { Button } from '@/ui/button'
import { Empty } from '@/ui/empty'

export default function NotFoundPage() {
  const { t } = useTranslation()
  useTitle(t('notFound.title'))
  return (
    <div className="grid min-h-[60dvh] place-items-center">
      <h1 className="sr-only">{t('notFound.title')}</h1>
      <Empty
        icon={Compass}
        title={t('notFound.title')}
        action={
          <Button asChild tone="primary">
            <Link to="/">{t('notFound.action')}</Link>
          </Button>
        }
      >
        {t('notFound.text')}
      </Empty>
    </div>
  )
}
