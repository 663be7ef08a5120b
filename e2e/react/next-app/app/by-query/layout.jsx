import { QueryProviders } from '../providers';

export default function Layout({ children }) {
  return <QueryProviders>{children}</QueryProviders>;
}
