-- Made by pgharbor. A change made here is lost: change the program and run `pulumi up`.

SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
SET pg_stat_statements.track_utility = off;

ALTER ROLE pgharbor_admin PASSWORD 'SCRAM-SHA-256$4096:q2hs18tXt113UPR6bc7D/g==$IHh/WSz94BB3nKgER1aPX3tade1JzA4gSc2Sp21lo4c=:MDFOhyOoXZ0+OdIK+ga+rV7xlpQvoJuRqHw1N0HPCjo=';
ALTER ROLE pgharbor_check PASSWORD 'SCRAM-SHA-256$4096:oWSFxaEFfT6VeJ6uC9yOkA==$lGlDiywrBgC/Pw/U9AzyW/eS6eiOdphwsXX6aCYN/ds=:UkUVCXVRPAc7dMkV/lsl1NKT/PZH/5I4z6oW+u/O8T8=';
ALTER ROLE pgharbor_pooler PASSWORD 'SCRAM-SHA-256$4096:nM7/eYoklZ8ZAw4nH6MoQQ==$gEMKREE02ggUJoRocczTMugUd9wHq08uO6hJbh2cpKc=:xe85cLMHoMC6Elkz7vmnr6hBEd2R+4hJeNXITxek3C8=';
ALTER ROLE pgharbor_replication PASSWORD 'SCRAM-SHA-256$4096:LkD09+1qJannPrhM34VpFQ==$A43qwymLli8z9NxgMyGQLiGD+uUVQkK9bSFqTEUScAg=:fA/gHd2ihn7Eh9sIUeFnz6X2Dp2WxW/SqwPx0o66w5M=';
ALTER ROLE pgharbor_rewind PASSWORD 'SCRAM-SHA-256$4096:1T92yM2gfAnbXDVXz1WpJQ==$kWSbmXOPgrV8dzmJZrjeG0KTOPHCLuN5kNe64XQra5k=:XvrcWds/bd6vSYYRc4Zcbhy0aXzgr4T1qIiNLbCzrT0=';
