import Link from 'next/link';
import { Providers } from './providers';

const paths = ['/', '/teas/ember', '/teas/moss', '/teas/moss?sort=up', '/docs/a/b', '/by-query', '/by-query?page=2'];

export default function RootLayout({ children }) {
  return (
    <html lang="en">
      <body>
        <Providers>
          <nav>
            {paths.map((path) => (
              <Link key={path} href={path}>
                {path}
              </Link>
            ))}
          </nav>
          {children}
        </Providers>
      </body>
    </html>
  );
}
