export const metadata = { title: "The wiki" };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <h1>The wiki</h1>
        {children}
      </body>
    </html>
  );
}
