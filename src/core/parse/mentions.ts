/** Whether a text holds a name as a whole: `top_n` is not in `top_n_max`. */
export function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0 && name !== ''; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}

/** Whether a text speaks of a task: by slug, by the slug's words, or by title. */
export function mentionsTask(text: string, { slug, title }: { slug: string; title: string | undefined }): boolean {
  const plain = text.toLowerCase().replace(/[`*]/g, '').replace(/\s+/g, ' ');
  const names = [
    slug,
    slug.replace(/[_-]+/g, ' '),
    slug.replace(/[_-]+/g, '-'),
    ...(title === undefined ? [] : [title]),
  ];
  return names.some((name) => mentions(plain, name.toLowerCase()));
}
