-- Titles are taken from the wording, and the wording names people. Whoever reads a matter without its
-- names reads its title without them too, and finds nothing by what is masked there.

-- A name as two are compared: without what stands in brackets, without titles around it, without
-- dots. As `bare_name` in Python.
CREATE FUNCTION guard.bare_name(said text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  posts constant text := '(?:总支书记|支部书记|第一书记|理事长|负责人|书记|支书|主任|会计|出纳|文书|报账员'
    '|委员|组长|站长|所长|局长|科长|股长|镇长|乡长|区长|县长|部长|队长|村长|社长|校长|院长|主席|常委'
    '|经理|干部|老师|同志|先生|女士|小姐)';
  before constant text := '(?:原|前|时任)?(?:副|总|村|代)*';
  folded_ text := guard.folded(said);
  found_ text;
  rest text;
BEGIN
  found_ := regexp_replace(folded_, '[(\[{<《〈「『【〔〖][^)\]}>》〉」』】〕〗]*[)\]}>》〉」』】〕〗]?', '', 'g');
  found_ := regexp_replace(found_, '^(?:mrs|mr|ms|dr|prof)\.', '');
  LOOP
    rest := regexp_replace(found_, before || posts || '$', '');
    IF char_length(rest) < 2 THEN rest := regexp_replace(found_, posts || '$', ''); END IF;
    IF char_length(rest) < 2 OR rest = found_ THEN
      rest := regexp_replace(found_, '^.*' || posts, '');
      IF char_length(rest) > 4 THEN rest := found_; END IF;
    END IF;
    EXIT WHEN char_length(rest) < 2 OR rest = found_;
    found_ := rest;
  END LOOP;
  found_ := regexp_replace(found_, '[·•・‧∙⋅.]', '', 'g');
  RETURN CASE WHEN found_ = '' THEN folded_ ELSE found_ END;
END $$;

-- A text without names: each as it is masked elsewhere, spaces and dots within it or not, and one that
-- the end of a title cut off.
CREATE FUNCTION guard.without_names(said text, names text[]) RETURNS text
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  each_ text;
  mark text;
  pattern text;
  size integer;
BEGIN
  FOR each_ IN
    SELECT n FROM unnest(names) n WHERE char_length(n) > 1 ORDER BY char_length(n) DESC, n
  LOOP
    CONTINUE WHEN strpos(lower(said), lower(left(each_, 1))) = 0;
    size := char_length(each_);
    mark := left(each_, 1) || repeat('×', size - 1);
    SELECT string_agg(regexp_replace(substr(each_, at, 1), '([^[:alnum:]])', '\\\1'),
                      '[\s·•・‧∙⋅･.]*' ORDER BY at)
      INTO pattern FROM generate_series(1, size) at;
    said := regexp_replace(said, pattern, replace(mark, '\', '\\'), 'gi');
    FOR at IN REVERSE size - 1 .. 2 LOOP
      IF right(said, at + 1) = left(each_, at) || '…' THEN
        said := left(said, -at - 1) || left(mark, at) || '…';
        EXIT;
      END IF;
    END LOOP;
  END LOOP;
  RETURN said;
END $$;

-- Who may be named in a matter's words: whom it involves or did, what it came from and what is linked
-- to it too, under their former names as well. The guard's own.
CREATE FUNCTION guard.names_within(matter_ uuid) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH own AS (
    SELECT matter_ AS id UNION SELECT f.origin_id FROM fund_item f WHERE f.id = matter_),
  around AS (
    SELECT o.id FROM own o
    UNION SELECT l.to_id FROM own o JOIN matter_link l ON l.from_id = o.id
    UNION SELECT l.from_id FROM own o JOIN matter_link l ON l.to_id = o.id),
  named AS (
    SELECT p.name FROM around a JOIN involvement i ON i.matter_id = a.id
      JOIN person p ON p.id = i.person_id
    UNION
    SELECT n.name FROM around a JOIN correction c ON c.matter_id = a.id AND c.field = 'name'
     CROSS JOIN LATERAL unnest(ARRAY[c.old, c.new]) n (name)
    UNION
    SELECT y.name FROM payee y WHERE y.fund_item_id = matter_)
  SELECT coalesce(array_agg(DISTINCT v.name), '{}')
    FROM named n
    CROSS JOIN LATERAL (
      VALUES (regexp_replace(n.name, '[\s·•・‧∙⋅･.]', '', 'g')), (guard.bare_name(n.name))) v (name)
   WHERE v.name IS NOT NULL
$$;

-- For whoever may know that somebody is involved, but not who.
CREATE FUNCTION guard.masked_title(matter_ uuid) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  known uuid[] := guard.looked_up();
BEGIN
  IF matter_ <> ALL (known) THEN
    IF cardinality(guard.look_up(ARRAY[matter_])) = 0 THEN RETURN NULL; END IF;
    PERFORM guard.remember(known || matter_);
  END IF;
  RETURN (SELECT guard.without_names(m.title, guard.names_within(m.id))
            FROM matter m WHERE m.id = matter_);
END $$;

-- Whether a matter says all of the words to its reader: `whole` to who reads its names. The guard's
-- own.
CREATE FUNCTION guard.says_to(whole boolean, matter_ uuid, patterns text[]) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN whole OR (
    SELECT guard.says(m.number, guard.without_names(m.title, guard.names_within(m.id)), patterns)
      FROM matter m WHERE m.id = matter_);
END $$;
