-- How a value is escaped before it is hashed (kg.identity).
CREATE OR REPLACE TEMP MACRO escaped(x) AS
    replace(replace(replace(replace(x, '\', '\\'), chr(10), '\n'), chr(9), '\t'), chr(13), '\r');
