"""The reference: one module per lesson, complete. Nothing in here travels.

What the lessons' readers are given besides, `training`, `data` and `pictures`, lies in
`assignment/recurrent` alone, as does the text of the package that they see.
"""
