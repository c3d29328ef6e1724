CREATE TABLE public.a (m character varying(10) NOT NULL, "T" text DEFAULT 'x''y'::text, n numeric(5,2)[],
 CONSTRAINT c CHECK (((m)::text = ANY ((ARRAY['a'::character varying, 'b'])::text[]))), CHECK (n > 0 AND length(m) <= 5));
ALTER TABLE ONLY public.a ADD CONSTRAINT k PRIMARY KEY (m);
COMMENT ON COLUMN public.a.m IS 'Mã';
