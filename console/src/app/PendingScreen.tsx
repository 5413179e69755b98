import { Skeleton } from '@/ui/skeleton'

/** What stands in for a page whose code or first data is still on its way. */
export function PendingScreen() {
  return (
    <div className="mx-auto w-full max-w-[120rem] space-y-5 px-4 py-6 sm:px-6 lg:px-8" aria-busy>
      <Skeleton className="h-8 w-48" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  )
}
