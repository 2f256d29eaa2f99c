-- How a value is escaped before it is hashed (kg.identity).
CREATE OR REPLACE TEMP MACRO escaped(x) AS
    CASE WHEN contains(x, '\') OR contains(x, chr(10)) OR contains(x, chr(9)) OR contains(x, chr(13))
        THEN replace(replace(replace(replace(x, '\', '\\'), chr(10), '\n'), chr(9), '\t'), chr(13), '\r')
        ELSE x END;
