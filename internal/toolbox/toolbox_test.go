package toolbox
