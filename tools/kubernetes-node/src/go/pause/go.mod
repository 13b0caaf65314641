module pgharbor.local/pause
go 1.24
