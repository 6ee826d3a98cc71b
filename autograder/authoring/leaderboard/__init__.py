"""What scores a student's weights, and stays at home but for an autograder zip."""
