module alphanode

go 1.26
