"""Muon: orthogonalised updates, against torch.optim.Muon and against singular values."""

import pytest
import torch

from grn_gat.zeroshot.muon import Muon, orthogonalised


@pytest.mark.parametrize("shape", [(1, 8, 8), (5, 16, 40), (3, 40, 16)])
def test_singular_values_come_close_to_1_and_directions_stay(shape):
    torch.manual_seed(1)
    matrices = torch.randn(shape)
    got = orthogonalised(matrices)
    assert got.shape == matrices.shape
    values = torch.linalg.svdvals(got)
    assert values.min() > 0.5 and values.max() < 1.3
    left, _, right = torch.linalg.svd(matrices, full_matrices=False)
    diagonal = left.transpose(1, 2) @ got @ right.transpose(1, 2)
    off = diagonal - torch.diag_embed(torch.diagonal(diagonal, dim1=1, dim2=2))
    assert off.abs().max() < 1e-4  # the same singular vectors
    assert (torch.diagonal(diagonal, dim1=1, dim2=2) > 0).all()


def test_each_matrix_of_a_stack_is_alone():
    torch.manual_seed(2)
    matrices = torch.randn(4, 6, 9) * torch.tensor([1e-3, 1.0, 10.0, 1e3])[:, None, None]
    one_by_one = torch.cat([orthogonalised(m[None]) for m in matrices])
    torch.testing.assert_close(orthogonalised(matrices), one_by_one)
    scaled = orthogonalised(matrices * 7)  # the size of a gradient does not matter
    torch.testing.assert_close(scaled, one_by_one, rtol=1e-3, atol=1e-4)


def _steps(optimiser_of, number):
    torch.manual_seed(3)
    start = [torch.randn(shape) for shape in ((12, 12), (12, 12), (8, 20), (20, 8))]
    parameters = [torch.nn.Parameter(value.clone()) for value in start]
    optimiser = optimiser_of(parameters)
    for _ in range(number):
        for parameter in parameters:
            parameter.grad = torch.randn(parameter.shape)
        optimiser.step()
    return start, parameters


@pytest.mark.parametrize("number", [1, 4])
def test_as_the_one_of_torch_but_for_its_lower_precision(number):
    settings = {"lr": 0.02, "weight_decay": 0.1}
    start, ours = _steps(lambda p: Muon(p, **settings), number)
    _, theirs = _steps(
        lambda p: torch.optim.Muon(p, **settings, adjust_lr_fn="match_rms_adamw"), number
    )
    for begin, one, two in zip(start, ours, theirs, strict=True):
        moved, expected = ((p.detach() - begin).flatten() for p in (one, two))
        assert torch.cosine_similarity(moved, expected, dim=0) > 0.999
        assert (moved.norm() / expected.norm()).item() == pytest.approx(1, abs=0.02)


def test_weight_decay_acts_without_a_gradient_s_size():
    parameter = torch.nn.Parameter(torch.eye(3))
    parameter.grad = torch.zeros(3, 3)
    Muon([parameter], lr=0.1, weight_decay=0.5).step()
    torch.testing.assert_close(parameter.detach(), torch.eye(3) * 0.95)


def test_a_matrix_without_gradient_stays():
    parameter = torch.nn.Parameter(torch.eye(3))
    Muon([parameter], lr=0.1, weight_decay=0.5).step()
    assert torch.equal(parameter.detach(), torch.eye(3))
